from django.urls import path

from people.views import invitations, mailed_links, session
from people.views import users as user_views

app_name = "people"
urlpatterns = [
    path("sign-in/", session.sign_in, name="sign_in"),
    path("sign-in/link/", session.sign_in_link, name="sign_in_link"),
    path("password/forgotten/", mailed_links.forgotten_password, name="forgotten_password"),
    path("password/reset/", mailed_links.reset_password, name="reset_password"),
    path("invitation/", mailed_links.accept_invitation, name="accept_invitation"),
    path("sign-out/", session.sign_out, name="sign_out"),
    path("language/", session.choose_language, name="choose_language"),
    path("settings/", session.my_settings, name="my_settings"),
    path("settings/password/", session.my_password, name="my_password"),
    path("users/", user_views.users, name="users"),
    path("users/new/", user_views.new_user, name="new_user"),
    path("users/<int:pk>/", user_views.user, name="user"),
    path("users/<int:pk>/link/", user_views.sign_in_link_for, name="sign_in_link_for"),
    path("users/<int:pk>/invitation/", invitations.invitation, name="invitation"),
    path("users/<int:pk>/active/", user_views.set_active, name="set_active"),
    path("audit/", user_views.audit_log, name="audit_log"),
]
