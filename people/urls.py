from django.urls import path

from people.views import audit, invitations, mailed_links, second_factor, session, sessions
from people.views import users as user_views

app_name = "people"
urlpatterns = [
    path("sign-in/", session.sign_in, name="sign_in"),
    path("sign-in/link/", session.sign_in_link, name="sign_in_link"),
    path("password/forgotten/", mailed_links.forgotten_password, name="forgotten_password"),
    path("password/reset/", mailed_links.reset_password, name="reset_password"),
    path("invitation/", mailed_links.accept_invitation, name="accept_invitation"),
    path("sign-in/code/", second_factor.enter_code, name="enter_code"),
    path("sign-out/", session.sign_out, name="sign_out"),
    path("language/", session.choose_language, name="choose_language"),
    path("settings/", session.my_settings, name="my_settings"),
    path("settings/password/", session.my_password, name="my_password"),
    path("settings/sessions/", sessions.my_sessions, name="my_sessions"),
    path("settings/sessions/others/end/", sessions.end_others, name="end_other_sessions"),
    path("settings/sessions/<int:pk>/end/", sessions.end_mine, name="end_session"),
    path("settings/second-factor/", second_factor.my_second_factor, name="my_second_factor"),
    path("settings/second-factor/qr.svg", second_factor.qr_code, name="second_factor_qr"),
    path("settings/second-factor/codes/", second_factor.new_codes, name="new_recovery_codes"),
    path("settings/second-factor/off/", second_factor.turn_off, name="turn_off_second_factor"),
    path("users/", user_views.users, name="users"),
    path("users/new/", user_views.new_user, name="new_user"),
    path("users/<int:pk>/", user_views.user, name="user"),
    path("users/second-factor/", second_factor.require, name="require_second_factor"),
    path("users/<int:pk>/second-factor/remove/", second_factor.remove_for, name="remove_second_factor"),
    path("users/<int:pk>/sessions/end/", sessions.end_all_of, name="end_sessions_of"),
    path("users/<int:pk>/link/", user_views.sign_in_link_for, name="sign_in_link_for"),
    path("users/<int:pk>/invitation/", invitations.invitation, name="invitation"),
    path("users/<int:pk>/active/", user_views.set_active, name="set_active"),
    path("audit/", audit.audit_log, name="audit_log"),
    path("audit.csv", audit.export, name="export_audit"),
]
